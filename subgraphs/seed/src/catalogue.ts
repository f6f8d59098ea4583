// What can be bought and where: the brands, 3,000 products in sizes, and the mall's 60 counters.
import { BRANDS, type Kind, type SeedBrand } from "./brands.ts";
import { random, type Random } from "./random.ts";

export type SeedSize = "full" | "small";

/** `small` is a part of `full`: the same rows, but few, for quick tests. */
export interface SeedOptions {
  readonly size?: SeedSize;
}

export interface SeedProduct {
  /** Style number, for example `BL2481`. */
  readonly id: string;
  readonly brandCode: string;
  readonly brand: string;
  readonly name: string;
  readonly nameZh: string;
  readonly category: string;
  readonly categoryZh: string;
  /** European sizes, ascending. A sku is `<id>-<size>`. */
  readonly sizes: readonly string[];
  /** What the brand suggests for the shelf, in fen. */
  readonly suggestedFen: number;
  /** What the mall asks on the shelf, in fen. */
  readonly shelfFen: number;
  /** Path of its picture; whoever serves it puts the address before it. */
  readonly image: string;
  readonly season: "SS" | "AW" | "ALL";
}

export interface SeedCounter {
  /** Three digits, for example `017`. */
  readonly id: string;
  readonly name: string;
  readonly nameZh: string;
  readonly floor: string;
  /** The brand's name, and its code. */
  readonly brand: string;
  readonly brandCode: string;
  readonly productIds: readonly string[];
}

export interface SeedCatalogue {
  readonly brands: readonly SeedBrand[];
  readonly products: readonly SeedProduct[];
  readonly counters: readonly SeedCounter[];
}

/** The product and the counter of the story: they exist in every size of the data. */
export const STORY_PRODUCT: string = "BL2481";
export const STORY_COUNTER: string = "017";

const PRODUCTS_OF_A_BRAND = 75;
const COUNTERS = 60;
const SMALL_COUNTERS: readonly string[] = ["003", STORY_COUNTER, "025", "041"];
const SMALL_PRODUCTS_OF_A_COUNTER = 6;

const made = new Map<SeedSize, SeedCatalogue>();

/** The catalogue. Made once; the same object for every call. */
export function catalogue(options: SeedOptions = {}): SeedCatalogue {
  const size = options.size ?? "full";
  const known = made.get(size);
  if (known) return known;
  const result = size === "full" ? fullCatalogue() : smallPart(catalogue());
  made.set(size, result);
  return result;
}

/** Id of the sku of a product in a size. */
export function skuId(productId: string, size: string): string {
  return `${productId}-${size}`;
}

/** The EAN-13 on the box of a product in a size. */
export function barcode(productId: string, size: string): string {
  const brand = BRANDS.findIndex(({ code }) => code === productId.slice(0, 2));
  const digits = `6901${String(brand).padStart(2, "0")}${productId.slice(2)}${size.padStart(2, "0")}`;
  const sum = Array.from(digits, Number).reduce(
    (total, digit, index) => total + digit * (index % 2 ? 3 : 1),
    0,
  );
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

function fullCatalogue(): SeedCatalogue {
  const ofBrand = new Map(BRANDS.map((brand) => [brand.code, productsOf(brand)]));
  const counters = Array.from({ length: COUNTERS }, (_, index) => counterAt(index, ofBrand));
  return { brands: BRANDS, products: [...ofBrand.values()].flat(), counters };
}

function smallPart(full: SeedCatalogue): SeedCatalogue {
  const counters = full.counters
    .filter(({ id }) => SMALL_COUNTERS.includes(id))
    .map((counter) => ({ ...counter, productIds: fewProducts(counter) }));
  const kept = new Set(counters.flatMap(({ productIds }) => productIds));
  const brandCodes = new Set(counters.map(({ brandCode }) => brandCode));
  return {
    brands: full.brands.filter(({ code }) => brandCodes.has(code)),
    products: full.products.filter(({ id }) => kept.has(id)),
    counters,
  };
}

function fewProducts({ id, productIds }: SeedCounter): string[] {
  const first = id === STORY_COUNTER ? [STORY_PRODUCT] : [];
  return [...new Set([...first, ...productIds])].slice(0, SMALL_PRODUCTS_OF_A_COUNTER).sort();
}

/** Every brand has a counter; the first ones have a second. Belle's first is 017. */
function counterAt(index: number, ofBrand: ReadonlyMap<string, readonly SeedProduct[]>): SeedCounter {
  const shift = BRANDS.length - (Number(STORY_COUNTER) - 1);
  const brand = BRANDS[(index + shift) % BRANDS.length]!;
  const id = String(index + 1).padStart(3, "0");
  const chance = random("counter", id);
  const shelf = chance.shuffled(ofBrand.get(brand.code)!.map((product) => product.id));
  const count = chance.int(45, 55);
  const first = id === STORY_COUNTER ? [STORY_PRODUCT] : [];
  const productIds = [...new Set([...first, ...shelf])].slice(0, count).sort();
  const floor = { women: "2F", men: "3F", casual: "4F", sport: "5F" }[brand.kind];
  const nameZh = `${brand.nameZh || brand.name}专柜`;
  return { id, name: brand.name, nameZh, floor, brand: brand.name, brandCode: brand.code, productIds };
}

interface Style {
  readonly en: string;
  readonly zh: string;
  readonly category: string;
  readonly categoryZh: string;
  readonly season: SeedProduct["season"];
  /** How its price compares with the brand's level. */
  readonly price: number;
}

function style(
  en: string,
  zh: string,
  category: string,
  categoryZh: string,
  season: Style["season"],
  price: number,
): Style {
  return { en, zh, category, categoryZh, season, price };
}

const LOAFER: Style = style("Loafer", "乐福鞋", "Loafers", "乐福鞋", "ALL", 1);
const CHELSEA: Style = style("Chelsea Boot", "切尔西靴", "Boots", "靴子", "AW", 1.35);
const SANDAL: Style = style("Sandal", "凉鞋", "Sandals", "凉鞋", "SS", 0.8);
const COURT: Style = style("Court Sneaker", "小白鞋", "Sneakers", "休闲鞋", "ALL", 0.9);

const STYLES: Readonly<Record<Kind, readonly Style[]>> = {
  women: [
    LOAFER,
    CHELSEA,
    SANDAL,
    COURT,
    style("Pointed Pump", "尖头单鞋", "Pumps", "单鞋", "ALL", 1.05),
    style("Block-Heel Pump", "粗跟单鞋", "Pumps", "单鞋", "ALL", 1.05),
    style("Mary Jane", "玛丽珍鞋", "Pumps", "单鞋", "ALL", 1),
    style("Ballet Flat", "芭蕾平底鞋", "Flats", "平底鞋", "SS", 0.85),
    style("Ankle Boot", "短靴", "Boots", "靴子", "AW", 1.3),
    style("Knee Boot", "长靴", "Boots", "靴子", "AW", 1.8),
    style("Slingback", "后空凉鞋", "Sandals", "凉鞋", "SS", 0.9),
  ],
  men: [
    LOAFER,
    CHELSEA,
    SANDAL,
    COURT,
    style("Oxford", "牛津鞋", "Dress Shoes", "正装鞋", "ALL", 1.15),
    style("Derby", "德比鞋", "Dress Shoes", "正装鞋", "ALL", 1.1),
    style("Monk Strap", "孟克鞋", "Dress Shoes", "正装鞋", "ALL", 1.2),
    style("Driving Moccasin", "豆豆鞋", "Loafers", "乐福鞋", "SS", 0.9),
    style("Desert Boot", "沙漠靴", "Boots", "靴子", "AW", 1.25),
  ],
  sport: [
    COURT,
    style("Road Runner", "缓震跑鞋", "Running", "跑鞋", "ALL", 1),
    style("Racing Flat", "竞速跑鞋", "Running", "跑鞋", "ALL", 1.4),
    style("Trail Runner", "越野跑鞋", "Running", "跑鞋", "AW", 1.2),
    style("Mid Basketball Shoe", "中帮篮球鞋", "Basketball", "篮球鞋", "ALL", 1.3),
    style("Training Shoe", "综训鞋", "Training", "训练鞋", "ALL", 0.85),
    style("Slide", "运动拖鞋", "Sandals", "凉鞋", "SS", 0.35),
  ],
  casual: [
    COURT,
    CHELSEA,
    style("Low Canvas Shoe", "低帮帆布鞋", "Sneakers", "休闲鞋", "SS", 0.8),
    style("High Canvas Shoe", "高帮帆布鞋", "Sneakers", "休闲鞋", "ALL", 0.9),
    style("Slip-On", "一脚蹬", "Sneakers", "休闲鞋", "SS", 0.8),
    style("Clog", "洞洞鞋", "Sandals", "凉鞋", "SS", 0.7),
    style("Lace Boot", "系带靴", "Boots", "靴子", "AW", 1.5),
  ],
};

const LEATHERS: readonly (readonly [string, string])[] = [
  ["Nappa", "软羊皮"],
  ["Calf", "小牛皮"],
  ["Suede", "绒面"],
  ["Patent", "漆皮"],
  ["Nubuck", "磨砂皮"],
  ["Woven", "编织"],
];
const CLOTHS: readonly (readonly [string, string])[] = [
  ["Mesh", "网面"],
  ["Knit", "针织"],
  ["Canvas", "帆布"],
  ["Suede", "绒面"],
  ["Leather", "皮面"],
];
const COLOURS: readonly (readonly [string, string])[] = [
  ["Black", "黑色"],
  ["White", "白色"],
  ["Beige", "米色"],
  ["Brown", "棕色"],
  ["Burgundy", "酒红色"],
  ["Navy", "藏青色"],
  ["Grey", "灰色"],
  ["Olive", "橄榄绿"],
];

function productsOf(brand: SeedBrand): SeedProduct[] {
  const chance = random("products", brand.code);
  const numbers = styleNumbers(brand.code, chance);
  const names = new Set<string>();
  return numbers.map((id) => {
    for (;;) {
      const product = id === STORY_PRODUCT ? storyProduct(brand) : productWith(id, brand, chance);
      if (names.has(product.name)) continue;
      names.add(product.name);
      return product;
    }
  });
}

/** Four digits, ascending and with gaps, as numbers are that were given out over years. */
function styleNumbers(brandCode: string, chance: Random): string[] {
  const story = STORY_PRODUCT.startsWith(brandCode) ? [STORY_PRODUCT] : [];
  const numbers = new Set<string>(story);
  while (numbers.size < PRODUCTS_OF_A_BRAND) numbers.add(`${brandCode}${chance.int(1000, 5999)}`);
  return [...numbers].sort();
}

function productWith(id: string, brand: SeedBrand, chance: Random): SeedProduct {
  const kind = chance.pick(STYLES[brand.kind]);
  const leather = brand.kind === "women" || brand.kind === "men";
  const [material, materialZh] = chance.pick(leather ? LEATHERS : CLOTHS);
  const [colour, colourZh] = chance.pick(COLOURS);
  const price = brand.level * kind.price * (0.85 + chance.next() * 0.35);
  return productOf(id, brand, {
    name: `${colour} ${material} ${kind.en}`,
    nameZh: `${colourZh}${materialZh}${kind.zh}`,
    style: kind,
    sizes: sizesOf(brand.kind, chance),
    yuan: Math.max(99, Math.round(price / 10) * 10 - 1),
    reduction: chance.next() < 0.3 ? chance.pick([0.7, 0.8, 0.85, 0.9]) : 1,
  });
}

function storyProduct(brand: SeedBrand): SeedProduct {
  const sizes = ["35", "36", "37", "38", "39", "40"];
  const named = { name: "Black Nappa Loafer", nameZh: "黑色软羊皮乐福鞋" };
  return productOf(STORY_PRODUCT, brand, { ...named, style: LOAFER, sizes, yuan: 899, reduction: 0.9 });
}

interface Details {
  readonly name: string;
  readonly nameZh: string;
  readonly style: Style;
  readonly sizes: readonly string[];
  readonly yuan: number;
  readonly reduction: number;
}

function productOf(id: string, brand: SeedBrand, details: Details): SeedProduct {
  const suggestedFen = details.yuan * 100;
  return {
    id,
    brandCode: brand.code,
    brand: brand.name,
    name: details.name,
    nameZh: details.nameZh,
    category: details.style.category,
    categoryZh: details.style.categoryZh,
    sizes: details.sizes,
    suggestedFen,
    shelfFen: Math.round((suggestedFen * details.reduction) / 100) * 100,
    image: `/img/${id}.svg`,
    season: details.style.season,
  };
}

function sizesOf(kind: Kind, chance: Random): string[] {
  const ranges = { women: [35, 40], men: [39, 44], sport: [36, 45], casual: [36, 44] } as const;
  const [low, high] = ranges[kind];
  const first = low - (chance.next() < 0.2 ? 1 : 0);
  const last = high + (chance.next() < 0.15 ? 1 : 0);
  return Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
}
