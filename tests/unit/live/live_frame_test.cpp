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

std::string encoded(const boost::json::value& item) {
  const std::string data = from_hex(item.at("data").as_string());
  LiveFrame frame;
  frame.index = item.at("index").to_number<std::uint32_t>();
  frame.stream = item.at("stream").as_string() == "stdout" ? Stream::kStdout : Stream::kStderr;
  frame.offset = item.at("offset").to_number<std::uint64_t>();
  frame.first_line = item.at("first_line").to_number<std::uint32_t>();
  frame.begins_line = item.at("begins_line").as_bool();
  frame.data = data;
  return encode_live_frame(frame);
}

TEST(LiveFrame, IsEncodedAsInTheGoldenVectors) {
  const auto document = vectors();
  const auto& frames = document.at("frames").as_array();
  ASSERT_GE(frames.size(), 5u);
  for (const auto& item : frames) {
    EXPECT_EQ(encoded(item), from_hex(item.at("frame").as_string())) << item.at("name").as_string();
  }
}

TEST(LiveFrame, IsARecordAsInTheGoldenVectors) {
  const auto document = vectors();
  const auto& records = document.at("records");
  std::string body;
  for (const auto& item : records.at("order").as_array()) {
    const std::string_view word = item.as_string();
    const auto place = static_cast<std::size_t>(word.back() - '0');
    if (word.starts_with("stream")) {
      const auto& stream = records.at("streams").as_array().at(place);
      const auto index = stream.at("index").to_number<std::uint32_t>();
      append_frame_record(body, encode_stream_frame(index, boost::json::serialize(stream)));
    } else {
      append_frame_record(body, encoded(records.at("frames").as_array().at(place)));
    }
  }
  EXPECT_EQ(body, from_hex(records.at("body").as_string()));
}

}  // namespace
}  // namespace runbook::live
