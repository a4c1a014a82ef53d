"""What build.py does: set-up, the numpy wheel, dist/, the snapshot, serving, the single file.

Standard library only, since it runs before anything is installed.
"""
