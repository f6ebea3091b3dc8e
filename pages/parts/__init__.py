"""What screens are made of: colours, words, forms, tables and drawn elements."""
