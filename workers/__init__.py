"""Celery workers: which run, on which device, is it still alive. Torch is never imported here."""
