import os

print(os.environ["NODES_BUILD_OUTPUT"])
print("$build.output")
