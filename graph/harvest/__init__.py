"""Data of partners: fetched, mapped, validated, compared, published."""
