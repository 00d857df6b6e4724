"""The grammar of hostile texts: a module for each layer that they attack."""
