"""The home on AWS: its functions, and what their roles may do.

Loading makes no garbage, but much that looks like it might be: looking for it is a fifth of a cold start, so that is
left until the first answer is given (carrier.py).
"""

import gc

gc.disable()
