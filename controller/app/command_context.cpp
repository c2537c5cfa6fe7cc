#include "controller/app/command_context.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>

#include "controller/app/data_folder.hpp"
#include "db/private_cluster.hpp"

namespace runbook::app {
namespace {

std::string database_of(const Settings& settings) {
  if (!settings.database_url.empty()) return settings.database_url;
  const auto folder = data_folder_of(settings);
  const auto url = db::running_cluster_url({.data = folder / "postgres",
                                            .run_file = folder / "run/postgres.pid",
                                            .log_file = folder / "log/postgres.log"});
  if (url) return *url;
  throw SettingsError(
      fmt::format("There is no database: set RUNBOOK_DATABASE_URL, or name with --data-dir the folder "
                  "of a running `runbook-controller dev` (none runs on {}).",
                  folder.string()));
}

}  // namespace

std::filesystem::path data_folder_of(const Settings& settings) {
  return settings.data_dir.empty() ? DataFolder::standard() : std::filesystem::path{settings.data_dir};
}

db::DatabaseSettings command_database(const Settings& settings) {
  db::DatabaseSettings database;
  database.url = database_of(settings);
  database.connections = 1;
  return database;
}

void run_alone(boost::asio::awaitable<void> task) {
  boost::asio::io_context context{1};
  std::exception_ptr failure;
  boost::asio::co_spawn(context, std::move(task), [&failure](std::exception_ptr error) { failure = error; });
  context.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace runbook::app
