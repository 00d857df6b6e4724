export default { tags: ["posts"], layout: "base.liquid", author: "Mara Lindqvist" };
