"""How networks are trained: samples, augmentation, the loop that the command line and the page both drive."""
