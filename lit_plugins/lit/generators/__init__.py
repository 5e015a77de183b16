"""LIT generators: modules of the page that make new examples."""
