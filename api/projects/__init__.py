"""Projects for people and programs: words become IRIs, records become texts."""
