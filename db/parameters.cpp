#include "db/parameters.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <stdexcept>

#include "db/prepared_statements.hpp"

namespace runbook::db {
namespace {

constexpr std::size_t kParameterLimit = 65'535;

std::string_view view(const pqxx::field& field) {
  if (field.is_null()) throw std::runtime_error(fmt::format("column {} is NULL", field.name()));
  return {field.c_str(), field.size()};
}

[[noreturn]] void unreadable(const pqxx::field& field, std::string_view what) {
  throw std::runtime_error(fmt::format("column {} holds no {}", field.name(), what));
}

template <class T>
std::string array_of(const std::vector<T>& items, std::string (*spell)(const T&)) {
  std::string text = "{";
  for (const auto& item : items) {
    if (text.size() > 1) text.push_back(',');
    text += spell(item);
  }
  return text + "}";
}

std::string quoted(const std::string& item) {
  std::string text = "\"";
  for (const char c : item) {
    if (c == '"' || c == '\\') text.push_back('\\');
    text.push_back(c);
  }
  return text + "\"";
}

constexpr auto kNibbles = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(0xFF);
  for (std::uint8_t i = 0; i < 10; ++i) table[static_cast<std::size_t>('0' + i)] = i;
  for (std::uint8_t i = 0; i < 6; ++i)
    table[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
  return table;
}();

}  // namespace

#if PQXX_VERSION_MAJOR >= 7
Parameters& Parameters::add(std::nullptr_t) {
  values_.append();
  ++size_;
  return *this;
}

Parameters& Parameters::add(std::string_view value) {
  values_.append(std::string{value});
  ++size_;
  return *this;
}

Parameters& Parameters::add(Bytes value) {
  const auto* data = reinterpret_cast<const std::byte*>(value.data.data());
  values_.append(std::basic_string<std::byte>(data, value.data.size()));
  ++size_;
  return *this;
}
#else
// pqxx::internal::params is what exec_params() builds from its arguments; filling it here gives a list whose
// length is known at run time only, with text and bytes mixed.
Parameters& Parameters::add(std::nullptr_t) {
  values_.lengths.push_back(0);
  values_.nonnulls.push_back(0);
  values_.binaries.push_back(0);
  ++size_;
  return *this;
}

Parameters& Parameters::add(std::string_view value) {
  values_.lengths.push_back(static_cast<int>(value.size()));
  values_.nonnulls.push_back(1);
  values_.binaries.push_back(0);
  values_.strings.emplace_back(value);
  ++size_;
  return *this;
}

Parameters& Parameters::add(Bytes value) {
  values_.lengths.push_back(static_cast<int>(value.data.size()));
  values_.nonnulls.push_back(1);
  values_.binaries.push_back(1);
  values_.bin_strings.emplace_back(value.data.data(), value.data.size());
  ++size_;
  return *this;
}
#endif

Parameters& Parameters::add(double value) { return add(std::string_view{fmt::format("{}", value)}); }

Parameters& Parameters::add(const std::vector<Uuid>& ids) {
  return add(std::string_view{array_of<Uuid>(ids, [](const Uuid& id) { return id.str(); })});
}

Parameters& Parameters::add(const std::vector<std::string>& texts) {
  return add(std::string_view{array_of<std::string>(texts, &quoted)});
}

Parameters& Parameters::add(const std::vector<std::int64_t>& numbers) {
  return add(std::string_view{
      array_of<std::int64_t>(numbers, [](const std::int64_t& number) { return std::to_string(number); })});
}

pqxx::result exec(pqxx::transaction_base& work, const std::string& sql, Parameters parameters) {
  if (parameters.size() > kParameterLimit)
    throw std::length_error("a statement takes at most 65,535 parameters");
  auto* const statements = PreparedStatements::of(work);
  const std::string* const name = statements == nullptr ? nullptr : statements->name_of(sql);
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
  if (name != nullptr) return work.exec(pqxx::prepped{*name}, parameters.values_);
  return work.exec(sql, parameters.values_);
#else
  if (name != nullptr) return work.exec_prepared(*name, std::move(parameters.values_));
  return work.exec_params(sql, std::move(parameters.values_));
#endif
}

std::string text(const pqxx::field& field) { return std::string{view(field)}; }

std::optional<std::string> optional_text(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return text(field);
}

Uuid uuid(const pqxx::field& field) {
  const auto id = Uuid::parse(view(field));
  if (!id) unreadable(field, "UUID");
  return *id;
}

std::optional<Uuid> optional_uuid(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return uuid(field);
}

// DateStyle=ISO, TimeZone=UTC (set when the session opens): "2026-11-21 17:57:37.123456+00".
Time time(const pqxx::field& field) {
  std::string value = text(field);
  const auto space = value.find(' ');
  if (space != std::string::npos) value[space] = 'T';
  if (value.ends_with("+00")) value += ":00";
  const auto parsed = parse_rfc3339(value);
  if (!parsed) unreadable(field, "time");
  return *parsed;
}

std::optional<Time> optional_time(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return time(field);
}

std::int64_t integer(const pqxx::field& field) {
  const auto value = view(field);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) unreadable(field, "integer");
  return number;
}

std::optional<std::int64_t> optional_integer(const pqxx::field& field) {
  if (field.is_null()) return std::nullopt;
  return integer(field);
}

bool boolean(const pqxx::field& field) {
  const auto value = view(field);
  if (value != "t" && value != "f") unreadable(field, "boolean");
  return value == "t";
}

// bytea_output=hex: "\x" and two lower-case digits a byte. Decoded here: faster than libpq and alike on both
// versions.
std::string bytes(const pqxx::field& field) {
  auto value = view(field);
  if (!value.starts_with("\\x") || value.size() % 2 != 0) unreadable(field, "bytes");
  value.remove_prefix(2);
  std::string data(value.size() / 2, '\0');
  for (std::size_t i = 0; i < data.size(); ++i) {
    const auto high = kNibbles[static_cast<std::uint8_t>(value[2 * i])];
    const auto low = kNibbles[static_cast<std::uint8_t>(value[2 * i + 1])];
    data[i] = static_cast<char>(high << 4 | low);
  }
  return data;
}

boost::json::value json(const pqxx::field& field) {
  if (field.is_null()) return nullptr;
  boost::json::parse_options options;
  options.max_depth = 128;  // stored documents were bounded when they came in
  return boost::json::parse(view(field), {}, options);
}

}  // namespace runbook::db
