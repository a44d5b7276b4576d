"""R&D needs, initiatives, and who should meet whom."""
