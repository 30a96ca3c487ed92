import os
import sys

print(os.environ["GREETING"], os.environ.get("ABSENT"), os.environ["HOME"], os.getcwd(), sys.flags.optimize)
