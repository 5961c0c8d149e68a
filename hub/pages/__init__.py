"""What all pages are made with, whoever's they are: language, catalogues, style, headers, signs."""
