// `runbook-controller serve`: the controller on a database of its users' own.
#pragma once

#include "controller/app/settings.hpp"

namespace runbook::app {

// Returns the exit status after SIGTERM, SIGINT or SIGHUP. Throws what main tells in one sentence.
int run_serve(Settings settings);

// `runbook-controller migrate`: brings the database to this program's schema and says how many migrations
// that took.
int run_migrate(const Settings& settings);

// The settings' database. Throws SettingsError that says how to name one.
const std::string& required_database(const Settings& settings);

}  // namespace runbook::app
