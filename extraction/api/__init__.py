"""The HTTP API for programs, under `/api/v1`: authorise, parse, one service call, render."""
