"""The web pages: what they read, how they draw, and how they become HTML."""
