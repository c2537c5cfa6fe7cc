#include "controller/app/environment.hpp"

#include <fmt/format.h>
#include <string.h>  // explicit_bzero
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "controller/app/settings.hpp"

namespace runbook::app {
namespace {

constexpr std::string_view kPrefix = "RUNBOOK_";
constexpr std::string_view kSpace = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// 'as is', "with \" and \\", or plain up to a comment.
std::optional<std::string> value_of(std::string_view text) {
  if (text.starts_with('\'')) {
    const auto end = text.find('\'', 1);
    if (end == std::string_view::npos) return std::nullopt;
    return std::string{text.substr(1, end - 1)};
  }
  if (!text.starts_with('"')) return std::string{trimmed(text.substr(0, text.find(" #")))};
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') return value;
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value.push_back(text[i]);
  }
  return std::nullopt;
}

std::map<std::string, std::string> env_file() {
  std::ifstream file{".env", std::ios::binary};
  if (!file) return {};
  return parse_env_file(std::string{std::istreambuf_iterator<char>{file}, {}}, ".env");
}

}  // namespace

std::map<std::string, std::string> parse_env_file(std::string_view text, const std::string& file_name) {
  std::map<std::string, std::string> values;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    auto line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("export ")) line = trimmed(line.substr(7));
    const auto equals = line.find('=');
    const auto value =
        equals == std::string_view::npos ? std::nullopt : value_of(trimmed(line.substr(equals + 1)));
    if (!value) throw SettingsError(fmt::format("{} line {} is not NAME=value.", file_name, number));
    values[std::string{trimmed(line.substr(0, equals))}] = *value;
  }
  return values;
}

std::map<std::string, std::string> runbook_environment() {
  auto values = env_file();
  std::erase_if(values, [](const auto& entry) { return !entry.first.starts_with(kPrefix); });
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line{*entry};
    const auto equals = line.find('=');
    if (!line.starts_with(kPrefix) || equals == std::string_view::npos) continue;
    values[std::string{line.substr(0, equals)}] = line.substr(equals + 1);
  }
  return values;
}

std::optional<std::string> take_secret(const char* name) {
  char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before threads start
  if (value == nullptr) {
    auto values = env_file();
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{std::move(found->second)};
  }
  std::string secret{value};
  explicit_bzero(value, secret.size());
  unsetenv(name);  // NOLINT(concurrency-mt-unsafe)
  return secret;
}

}  // namespace runbook::app
