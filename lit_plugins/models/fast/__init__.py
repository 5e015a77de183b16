"""Faster ways to run a model that give the same logits.

Each way is tried on the model at hand and kept only where the logits stay the same, so none of
them goes by an architecture's name. `make bench ARGS="--only shap gradients rates"` shows what
they gain: times beside other packages, and the share of the machine's best matrix products.
"""
