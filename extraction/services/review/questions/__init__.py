"""Questions instead of documents: is this one label right?"""
