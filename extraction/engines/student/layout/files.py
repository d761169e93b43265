"""Names of the files in a model folder of the layout student."""

DESCRIPTION, GRAPH, TOKENIZER, WEIGHTS = "student.json", "model.onnx", "tokenizer.json", "model.safetensors"
