#include "tests/unit/protocol/vectors.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace runbook::testing {

boost::json::object read_vectors(std::string_view file) {
  std::ifstream in(fmt::format("{}/{}", RUNBOOK_VECTORS, file), std::ios::binary);
  if (!in) throw std::runtime_error(fmt::format("{} cannot be read", file));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return boost::json::parse(text).as_object();
}

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) hex += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return hex;
}

std::string text_of(const boost::json::object& object, std::string_view name) {
  return std::string(object.at(name).as_string());
}

}  // namespace runbook::testing
