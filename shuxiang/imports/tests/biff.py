"""A small .xls workbook (BIFF8) made for the tests: a title over merged cells, a merged class, numbers and dates."""

import base64
import zlib

SMALL_XLS = zlib.decompress(
    base64.b85decode(
        "c-rk)T}V_x6#i!J>aL5fyQYB#CPJpB57A2yy0uW!gNxNe5k+acT9_JZ1Xh@33xNeePellV5xv;<(hr5yTMvp-"
        "4?z%U;Zyh!6!f5bJLlYcNzK58l8pOZ=FH5Qb7sz+GiPS*oty|w4LvHE#uC)SK-$bf_5z-wl;c!_pmx*bqLce5nJ(58a(v{-"
        ">?}Ob8}qUc+27O9NO@in1wK+bf-{JAb;iq95fQPWS+NauL>2B5CxBwHszB%oq3eV`6v-"
        "DtcM9i*&^nTxQim}Sj#h8CSMecTE^PsDzfVNxy>Pao2(Nh+U%II**(~fzoN7M3#u`dJxfljHv?1OZPjEdS_uvP52(=v@wXxU"
        "~3dz~S_-2*?U!ACaS?2Orm#;wl?~D1~-"
        "|&6p#HIXO+5_~#JT5_!L@vrb+@e)$wDIB`cF>xDom48`8oh8XHE{A83D0)l?<LW_2O?1q6tidI8{0?<(MpPhD$I8KdB>L>BD"
        "iRW$dky)B^pD%ltU6fK{9df!Iw9UEluHL!s(M!!8$uOv8ga|nKei`AT44ooi;$VXlxOBMS9&J<r1NV^a7MuG!@x}J^dncRaz"
        "@(oNa=);mr%ml~hiC-uJXL`6*mQ<&lQz^Mxbt!b2#hvn)pX{Pd$n)u=nS8PCE_uIzp0gV5q%_8gxM+P0ha0hy0^jxs_>=&00"
        "qc6feRUM(Z9M4qWtb7s@3X{s6aXnGlKE!sSbh7Q=iz}P_B`1nwyS980j_wWx|;~PtQ7^OKeY<pSXu=EG7AMLUA4bcyf{*26r"
        "7I_C6^|}C$*$CQqf5HzJE?l^9;lhOr7ylxZ+~KVIx5xfa;2XZz{;xAnDee9y`ERiwUG$u#kILQXq&$J1jMmS3WGSaFwL%@|e"
        "<9-_jh;X|TEvd_jMp!Hk*J05vtq^Ip9`T($4_Ts=U*QG2h$knGy"
    )
)
