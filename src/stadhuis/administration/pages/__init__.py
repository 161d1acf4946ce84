"""The pages, one file per area."""
