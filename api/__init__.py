"""HTTP interface, web pages and command line."""
