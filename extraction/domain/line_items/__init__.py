"""Line items: the rows of a group, their places on the pages, and their arithmetic."""
