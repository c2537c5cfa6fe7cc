#include "controller/app/command_line.hpp"

int main(int count, char** arguments) { return runbook::app::run_command_line(count, arguments); }
