"""What explanation methods share: coalitions, regression, trees, paths and masked texts."""
