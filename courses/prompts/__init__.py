"""How a learner's prompt is read: case data that stops it, what stands in the way of points, and five criteria.

`courses.prompt_practice` is the way in.
"""
