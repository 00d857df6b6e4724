"""Insights: one git repository as a publication's source, press and outputs. ARCHITECTURE.md draws the flow."""
