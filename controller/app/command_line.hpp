// The command line of runbook-controller.
#pragma once

namespace runbook::app {

// Runs the command and answers the exit status: 0, 1 with one sentence on standard error, or 2 for a command
// line that is not understood.
int run_command_line(int count, char** arguments);

}  // namespace runbook::app
