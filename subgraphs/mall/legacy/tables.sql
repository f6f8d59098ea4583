-- RMS 3.2 (retail management), Riverside Department Store. Tables and routines; keys and indexes: keys.sql.
-- 2006-03  first version, Oracle 9i
-- 2011-08  RPL_NO counts over the whole mall (before: a number per counter)
-- 2015-05  moved to PostgreSQL; codes keep their blanks (CHAR)
-- 2019-11  portal: SBM_USR/DCD_USR widened from CHAR(10), REF_NO added
-- Times are the shop's clock (Asia/Shanghai), no zone. Money is fen. DEL_FLG '1' = deleted.

CREATE TABLE "T_SYS_PARAM" (
  "PRM_CD"   CHAR(12)     NOT NULL,
  "PRM_VAL"  VARCHAR(200) NOT NULL,
  "REMARK"   VARCHAR(200)
);

CREATE TABLE "T_SEQ_NO" (
  "SEQ_CD"   CHAR(4)      NOT NULL,
  "CUR_NO"   INTEGER      NOT NULL
);

CREATE TABLE "T_BRND_M" (
  "BRND_CD"  CHAR(4)      NOT NULL,
  "BRND_NM"  VARCHAR(60)  NOT NULL,
  "DEL_FLG"  CHAR(1)      NOT NULL DEFAULT '0',
  "REMARK"   VARCHAR(200)
);

CREATE TABLE "T_CNTR_M" (
  "CNTR_ID"  CHAR(6)      NOT NULL,
  "CNTR_NM"  VARCHAR(60)  NOT NULL,
  "FLR_CD"   CHAR(4),
  "BRND_CD"  CHAR(4)      NOT NULL,
  "OPN_DT"   DATE,
  "DEL_FLG"  CHAR(1)      NOT NULL DEFAULT '0',
  "UPD_DT"   TIMESTAMP(0),
  "UPD_USR"  CHAR(10),
  "REMARK"   VARCHAR(200)
);

CREATE TABLE "T_PRD_M" (
  "PRD_ID"   CHAR(12)     NOT NULL,
  "BRND_CD"  CHAR(4)      NOT NULL,
  "PRD_NM"   VARCHAR(80)  NOT NULL,
  "CTGR_NM"  VARCHAR(20),
  "SSN_CD"   CHAR(3),
  "DEL_FLG"  CHAR(1)      NOT NULL DEFAULT '0',
  "REMARK"   VARCHAR(200)
);

CREATE TABLE "T_PRD_SZ" (
  "PRD_ID"   CHAR(12)     NOT NULL,
  "SZ_CD"    CHAR(4)      NOT NULL
);

-- What is on the shelf where.
CREATE TABLE "T_CNTR_PRD" (
  "CNTR_ID"  CHAR(6)      NOT NULL,
  "PRD_ID"   CHAR(12)     NOT NULL,
  "DEL_FLG"  CHAR(1)      NOT NULL DEFAULT '0',
  "UPD_DT"   TIMESTAMP(0),
  "UPD_USR"  CHAR(10)
);

-- The newest row with EFF_DT not after today is the price.
CREATE TABLE "T_PRC_SHLF" (
  "PRD_ID"   CHAR(12)     NOT NULL,
  "EFF_DT"   DATE         NOT NULL,
  "PRC_FEN"  INTEGER      NOT NULL,
  "CRT_USR"  CHAR(10),
  "REMARK"   VARCHAR(200)
);

CREATE SEQUENCE "SQ_SLS";

-- One row a day, counter and size at closing; the tills add rows during the day. Returns: QTY < 0.
CREATE TABLE "T_SLS_D" (
  "CNTR_ID"  CHAR(6)      NOT NULL,
  "SLS_DT"   DATE         NOT NULL,
  "PRD_ID"   CHAR(12)     NOT NULL,
  "SZ_CD"    CHAR(4)      NOT NULL,
  "SLS_NO"   BIGINT       NOT NULL DEFAULT nextval('"SQ_SLS"'),
  "QTY"      SMALLINT     NOT NULL,
  "UNT_PRC"  INTEGER      NOT NULL,
  "AMT"      INTEGER      NOT NULL
);

-- Restock, head. STS: 00 draft, 10 submitted, 20 approved, 30 rejected, 90 received.
CREATE TABLE "T_RPL_H" (
  "CNTR_ID"  CHAR(6)      NOT NULL,
  "RPL_NO"   CHAR(12)     NOT NULL,
  "STS"      CHAR(2)      NOT NULL DEFAULT '00',
  "SBM_DT"   TIMESTAMP(0),
  "SBM_USR"  VARCHAR(120),
  "DCD_DT"   TIMESTAMP(0),
  "DCD_USR"  VARCHAR(120),
  "RJT_RSN"  VARCHAR(200),
  "REF_NO"   VARCHAR(64),
  "DEL_FLG"  CHAR(1)      NOT NULL DEFAULT '0',
  "UPD_DT"   TIMESTAMP(0),
  "REMARK"   VARCHAR(200)
);

-- Restock, lines by size.
CREATE TABLE "T_RPL_L" (
  "RPL_NO"   CHAR(12)     NOT NULL,
  "LN_NO"    SMALLINT     NOT NULL,
  "PRD_ID"   CHAR(12)     NOT NULL,
  "SZ_CD"    CHAR(4)      NOT NULL,
  "QTY"      SMALLINT     NOT NULL
);

-- The shop's clock, wherever the server stands.
CREATE FUNCTION "F_NOW"() RETURNS TIMESTAMP(0) LANGUAGE sql STABLE AS $$
  SELECT (now() AT TIME ZONE 'Asia/Shanghai')::TIMESTAMP(0)
$$;

CREATE FUNCTION "F_NXT_NO"(cd CHAR) RETURNS INTEGER LANGUAGE plpgsql AS $$
DECLARE n INTEGER;
BEGIN
  UPDATE "T_SEQ_NO" SET "CUR_NO" = "CUR_NO" + 1 WHERE "SEQ_CD" = cd RETURNING "CUR_NO" INTO n;
  IF n IS NULL THEN
    RAISE EXCEPTION 'T_SEQ_NO: %', cd;
  END IF;
  RETURN n;
END $$;

CREATE FUNCTION "P_RPL_H_BIU"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."RPL_NO" IS NULL THEN
    NEW."RPL_NO" := 'R' || lpad("F_NXT_NO"('RPL')::text, 8, '0');
  END IF;
  NEW."UPD_DT" := "F_NOW"();
  RETURN NEW;
END $$;

CREATE TRIGGER "TR_RPL_H" BEFORE INSERT OR UPDATE ON "T_RPL_H"
  FOR EACH ROW EXECUTE FUNCTION "P_RPL_H_BIU"();
