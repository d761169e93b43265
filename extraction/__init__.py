"""From unlabelled documents to a served student. `docs/architecture.md` shows the layers."""
