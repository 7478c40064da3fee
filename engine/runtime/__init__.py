"""Everything that runs a model: the only impure part of the engine. Nothing here knows a disease or a drug."""
