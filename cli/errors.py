"""What can go wrong in the command line, in words for its user, with the exit code each has.

CliError              1
  + BadInput          2    a file, an id or a sweep that cannot be used
  + Unreachable       1    nothing answers at the address
  + Refused           1    the server knows no such key
  + StackError        1    the local stack cannot start or go on
StopAsked           130    Ctrl-C or SIGTERM arrived while waiting
"""


class CliError(Exception):
    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(CliError):
    exit_code = 2


class Unreachable(CliError):
    pass


class Refused(CliError):
    pass


class StackError(CliError):
    pass


class StopAsked(Exception):
    pass
