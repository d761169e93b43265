"""Exporters of answers: what programs got for their files, by batch or by the days on which the files came."""
