#include "agent/app/application.hpp"

int main(int argc, char** argv) { return runbook::agent::run_program(argc, argv); }
