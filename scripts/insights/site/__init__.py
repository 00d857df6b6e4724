"""The site: content prepared for the engine, rendered by it, finished with what an engine does not make."""
