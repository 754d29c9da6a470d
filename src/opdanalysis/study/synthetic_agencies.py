"""The agencies that an invented regency has, beside its kecamatan offices and their units."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Office:
    """An agency of the usual kinds; `share` is its share of the desks, before chance."""

    id: str
    name: str
    name_en: str
    kind: str
    fields: tuple[str, ...]
    public_facing: bool
    share: float


SECRETARIAT, REGISTRY, SOCIAL, PERMITS, WORKS = "sekda", "capil", "sosial", "izin", "pu"
"""The agencies that every invented regency has, for its services need them."""

OFFICES = (
    Office(SECRETARIAT, "Sekretariat Daerah", "Regional Secretariat", "sekretariat",
           ("oversight",), False, 3.0),
    Office(REGISTRY, "Dinas Kependudukan dan Pencatatan Sipil",
           "Population and Civil Registry Agency", "dinas", ("registry", "social"), True, 1.2),
    Office(SOCIAL, "Dinas Sosial", "Social Affairs Agency", "dinas", ("social",), True, 1.0),
    Office(PERMITS, "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu",
           "Investment and One-Stop Permit Agency", "dinas", ("economy",), True, 0.9),
    Office(WORKS, "Dinas Pekerjaan Umum dan Penataan Ruang",
           "Public Works and Spatial Planning Agency", "dinas", ("infrastructure",), False, 1.6),
    Office("inspektorat", "Inspektorat", "Inspectorate", "inspektorat", ("oversight",), False, 0.9),
    Office("bappeda", "Badan Perencanaan Pembangunan Daerah", "Development Planning Agency",
           "badan", ("oversight",), False, 0.9),
    Office("keuangan", "Badan Pengelola Keuangan dan Aset", "Finance and Assets Agency", "badan",
           ("oversight", "revenue"), False, 1.2),
    Office("pendidikan", "Dinas Pendidikan", "Education Agency", "dinas", ("social",), True, 1.6),
    Office("kesehatan", "Dinas Kesehatan", "Health Agency", "dinas", ("social",), True, 1.4),
    Office("satpol", "Satuan Polisi Pamong Praja", "Civil Service Police Unit", "satuan",
           ("order",), False, 1.5),
    Office("bapenda", "Badan Pendapatan Daerah", "Revenue Agency", "badan", ("revenue",),
           True, 1.2),
    Office("kepegawaian", "Badan Kepegawaian Daerah", "Civil Service Agency", "badan",
           ("oversight",), False, 0.8),
    Office("perhubungan", "Dinas Perhubungan", "Transport Agency", "dinas",
           ("infrastructure", "order"), True, 1.2),
    Office("lingkungan", "Dinas Lingkungan Hidup", "Environment Agency", "dinas",
           ("infrastructure",), False, 1.1),
    Office("perumahan", "Dinas Perumahan dan Kawasan Permukiman", "Housing Agency", "dinas",
           ("infrastructure",), False, 0.8),
    Office("pertanian", "Dinas Pertanian", "Agriculture Agency", "dinas", ("economy",), False, 1.3),
    Office("perdagangan", "Dinas Perdagangan", "Trade Agency", "dinas", ("economy",), False, 0.9),
    Office("koperasi", "Dinas Koperasi dan Usaha Kecil", "Cooperatives and Small Business Agency",
           "dinas", ("economy",), True, 0.7),
    Office("tenaga-kerja", "Dinas Tenaga Kerja", "Manpower Agency", "dinas",
           ("economy", "social"), True, 0.8),
    Office("kominfo", "Dinas Komunikasi dan Informatika", "Communication and Informatics Agency",
           "dinas", ("oversight",), False, 0.8),
    Office("pmd", "Dinas Pemberdayaan Masyarakat dan Desa", "Village Empowerment Agency", "dinas",
           ("territory", "social"), False, 0.7),
    Office("bpbd", "Badan Penanggulangan Bencana Daerah", "Disaster Management Agency", "badan",
           ("order",), False, 0.9),
    Office("kesbangpol", "Badan Kesatuan Bangsa dan Politik", "National Unity Agency", "badan",
           ("order",), False, 0.5),
    Office("damkar", "Dinas Pemadam Kebakaran", "Fire Service", "dinas", ("order",), False, 1.0),
    Office("dp3a", "Dinas Pemberdayaan Perempuan dan Perlindungan Anak",
           "Women and Children Agency", "dinas", ("social",), True, 0.6),
    Office("kb", "Dinas Pengendalian Penduduk dan Keluarga Berencana", "Family Planning Agency",
           "dinas", ("social",), False, 0.7),
    Office("pangan", "Dinas Ketahanan Pangan", "Food Security Agency", "dinas",
           ("economy",), False, 0.6),
    Office("perikanan", "Dinas Perikanan", "Fisheries Agency", "dinas", ("economy",), False, 0.7),
    Office("pariwisata", "Dinas Pariwisata", "Tourism Agency", "dinas",
           ("culture", "economy"), False, 0.6),
    Office("kebudayaan", "Dinas Kebudayaan", "Culture Agency", "dinas", ("culture",), False, 0.5),
    Office("pora", "Dinas Pemuda dan Olahraga", "Youth and Sports Agency", "dinas",
           ("culture",), False, 0.5),
    Office("perpustakaan", "Dinas Perpustakaan dan Kearsipan", "Library and Archives Agency",
           "dinas", ("culture",), True, 0.6),
    Office("dprd", "Sekretariat DPRD", "Council Secretariat", "sekretariat",
           ("oversight",), False, 0.8),
)  # fmt: skip
"""In the order in which regencies have them: small ones have the first, large ones all."""
