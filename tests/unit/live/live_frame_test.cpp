#include "controller/live/live_frame.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace runbook::live {
namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(std::string{hex.substr(i, 2)}, nullptr, 16)));
  }
  return bytes;
}

boost::json::value vectors() {
  std::ifstream file(RUNBOOK_VECTORS "/live_frames.json");
  std::stringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str());
}

TEST(LiveFrame, IsEncodedAsInTheGoldenVectors) {
  const auto document = vectors();
  const auto& frames = document.at("frames").as_array();
  ASSERT_GE(frames.size(), 5u);
  for (const auto& item : frames) {
    const std::string data = from_hex(item.at("data").as_string());
    LiveFrame frame;
    frame.index = item.at("index").to_number<std::uint32_t>();
    frame.stream = item.at("stream").as_string() == "stdout" ? Stream::kStdout : Stream::kStderr;
    frame.offset = item.at("offset").to_number<std::uint64_t>();
    frame.first_line = item.at("first_line").to_number<std::uint32_t>();
    frame.data = data;
    EXPECT_EQ(encode_live_frame(frame), from_hex(item.at("frame").as_string()))
        << item.at("name").as_string();
  }
}

}  // namespace
}  // namespace runbook::live
