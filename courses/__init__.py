"""Competence courses, quizzes and certification for key personnel."""
