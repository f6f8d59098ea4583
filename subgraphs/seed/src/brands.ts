// Forty brands of shoes that a department store in China really sells, and what kind of shoe each makes.

export type Kind = "women" | "men" | "sport" | "casual";

export interface SeedBrand {
  /** Two letters: every style number of the brand begins with them. */
  readonly code: string;
  readonly name: string;
  /** Its own name in Chinese; empty where it goes by its Latin name there too. */
  readonly nameZh: string;
  readonly kind: Kind;
  /** Around what a pair costs, in yuan. */
  readonly level: number;
}

export const BRANDS: readonly SeedBrand[] = [
  ["BL", "Belle", "百丽", "women", 799],
  ["TM", "Teenmix", "天美意", "women", 599],
  ["TT", "Tata", "他她", "women", 639],
  ["ST", "Staccato", "思加图", "women", 899],
  ["BS", "Basto", "百思图", "women", 659],
  ["JP", "Joy & Peace", "真美诗", "women", 869],
  ["KC", "Kisscat", "接吻猫", "women", 699],
  ["SS", "St&Sat", "星期六", "women", 729],
  ["CB", "C.banner", "千百度", "women", 579],
  ["DA", "Daphne", "达芙妮", "women", 339],
  ["JS", "Josiny", "卓诗尼", "women", 299],
  ["HS", "Harson", "哈森", "women", 759],
  ["CA", "Camel Active", "骆驼动感", "men", 899],
  ["SD", "Senda", "森达", "men", 699],
  ["AK", "Aokang", "奥康", "men", 499],
  ["RD", "Red Dragonfly", "红蜻蜓", "men", 459],
  ["YK", "Yearcon", "意尔康", "men", 429],
  ["EC", "ECCO", "爱步", "men", 1499],
  ["CL", "Clarks", "其乐", "men", 999],
  ["GX", "Geox", "健乐士", "men", 1190],
  ["RP", "Rockport", "乐步", "men", 999],
  ["HP", "Hush Puppies", "暇步士", "men", 899],
  ["NK", "Nike", "耐克", "sport", 799],
  ["AD", "Adidas", "阿迪达斯", "sport", 749],
  ["PU", "Puma", "彪马", "sport", 599],
  ["NB", "New Balance", "新百伦", "sport", 769],
  ["AS", "Asics", "亚瑟士", "sport", 690],
  ["MZ", "Mizuno", "美津浓", "sport", 690],
  ["LN", "Li-Ning", "李宁", "sport", 499],
  ["AN", "Anta", "安踏", "sport", 399],
  ["XT", "Xtep", "特步", "sport", 329],
  ["EK", "Erke", "鸿星尔克", "sport", 299],
  ["SK", "Skechers", "斯凯奇", "casual", 569],
  ["CV", "Converse", "匡威", "casual", 529],
  ["VN", "Vans", "范斯", "casual", 545],
  ["FY", "Feiyue", "飞跃", "casual", 159],
  ["HL", "Warrior", "回力", "casual", 139],
  ["TB", "Timberland", "添柏岚", "casual", 1290],
  ["DM", "Dr. Martens", "", "casual", 1499],
  ["CR", "Crocs", "卡骆驰", "casual", 399],
].map(([code, name, nameZh, kind, level]) => ({ code, name, nameZh, kind, level }) as SeedBrand);
