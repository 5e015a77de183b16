"""Names of the fields by which LIT's models, datasets and components find each other."""

TEXT = "sentence"
LABEL = "label"
EDIT = "edit"
TOKENS = "tokens"
PROBAS = "probas"
POOLED = "pooled"
POOLED_GRADIENT = "pooled_gradient"
GRADIENT_CLASS = "gradient_class"
TOKEN_EMBEDDINGS = "token_embeddings"
TOKEN_GRADIENTS = "token_gradients"


def layer(index: int) -> str:
    """The field of one layer's embedding."""
    return f"layer_{index}"


def attention(index: int) -> str:
    """The field of one layer's attention."""
    return f"attention_{index}"
