"""The command line and what else a developer runs; nothing here is shipped with the page."""
