// What a command has that works beside a controller or without one: the data folder, the database and an
// event loop for one task.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <filesystem>

#include "controller/app/settings.hpp"
#include "db/database.hpp"

namespace runbook::app {

std::filesystem::path data_folder_of(const Settings& settings);

// The settings' database, else that of the `dev` which runs on the data folder; one connection. Throws
// SettingsError when there is none.
db::DatabaseSettings command_database(const Settings& settings);

// Runs one coroutine on an event loop of its own; its exception passes through.
void run_alone(boost::asio::awaitable<void> task);

}  // namespace runbook::app
