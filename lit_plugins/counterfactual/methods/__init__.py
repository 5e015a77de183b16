"""Counterfactual methods, one per file: a function, and a record of it named `METHOD`."""
