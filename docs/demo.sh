#!/bin/sh
# Shows cchc at work on the plan of Đắk Lắk for 2024: sh docs/demo.sh PATH_TO_CCHC
# It writes to build/demo in the working folder; each run starts again. With CCHC_LANG=vi it is in
# Vietnamese. The records are made up.
set -eu

typed=${1:?usage: sh docs/demo.sh PATH_TO_CCHC}
case $typed in
  /*) cchc=$typed ;;
  */*) cchc=$PWD/$typed ;;
  *) cchc=$(command -v "$typed") ;;
esac

database=build/demo/demo.db
mkdir -p build/demo
rm -rf "$database" "$database"-* "$database".* build/demo/rows.csv
unset CCHC_AGENCY CCHC_PLAN
export CCHC_DB="$PWD/$database" CCHC_LANG="${CCHC_LANG:-en}" CCHC_AUTHOR="${CCHC_AUTHOR:-demo}"
cd build/demo

# Print a command as one would type it, then run it.
run() {
  printf '\n$ cchc'
  for word do
    case $word in
      *[!A-Za-z0-9_./:=-]*) printf ' "%s"' "$word" ;;
      *) printf ' %s' "$word" ;;
    esac
  done
  printf '\n'
  "$cchc" "$@"
}

# Minutes of the radio column, January to June; “-” where nothing was broadcast.
columns() {
  while read -r station minutes; do
    month=0
    for amount in $minutes; do
      month=$((month + 1))
      title="Tuyên truyền CCHC tháng $month"
      [ "$amount" = - ] || echo "1$month/0$month/2024,$station,radio-column,$amount,radio,,$title,"
    done
  done <<'END'
dai-buon-ma-thuot 20 20 25 20 20 20
dai-buon-ho 20 10 - 15 - -
dai-ea-hleo 15 15 15 15 15 15
dai-ea-sup 15 - 15 15 15 15
dai-buon-don 15 10 15 15 15 15
dai-cu-mgar 30 15 30 15 30 15
dai-krong-buk 15 15 15 15 15 15
dai-krong-nang 15 5 15 10 15 15
dai-ea-kar 18 15 16 20 15 15
dai-mdrak 15 15 15 - - 15
dai-krong-bong 15 15 15 15 15 15
dai-krong-pac 20 20 20 20 20 20
dai-krong-ana 15 15 15 15 15 -
dai-lak 15 - 15 15 15 15
dai-cu-kuin 15 15 15 15 15 15
END
}

# The rest of the half-year for the provincial station, a department, a town, a commune and one station more.
others() {
  cat <<'END'
25/01/2024,Đài PTTH tỉnh,dan-hoi,,tv,,Dân hỏi - Thủ trưởng trả lời: đất đai,
28/03/2024,Đài PTTH tỉnh,dan-hoi,,tv,,Dân hỏi - Thủ trưởng trả lời: hộ tịch,
25/04/2024,Đài PTTH tỉnh,dan-hoi,,tv,,Dân hỏi - Thủ trưởng trả lời: đầu tư,
30/05/2024,Đài PTTH tỉnh,dan-hoi,,radio,,Dân hỏi - Thủ trưởng trả lời: bảo hiểm,
27/06/2024,Đài PTTH tỉnh,dan-hoi,,tv,,Dân hỏi - Thủ trưởng trả lời: giáo dục,
20/03/2024,dai-buon-ho,radio-column,10,radio,có,Phát lại tháng 2,
08/05/2024,dai-buon-ho,radio-column,8,radio,,Chỉ số SIPAS,
22/05/2024,dai-buon-ho,radio-column,7,radio,,Dịch vụ công trực tuyến,
20/02/2024,Sở Nội vụ,publish,,website,,Cập nhật TTHC,https://example.org/tthc
17/05/2024,Sở Nội vụ,publish,,website,,Cập nhật TTHC,https://example.org/tthc-2
08/03/2024,Sở Nội vụ,news,,website,,Hội nghị CCHC quý I,
12/06/2024,Sở Nội vụ,news,,website,,Sơ kết 6 tháng,
15/03/2024,Sở Nội vụ,theme,,,,Quán triệt chủ đề CCHC năm 2024,
19/04/2024,Sở Nội vụ,theme,,,,Tọa đàm CCHC,
04/04/2024,Sở Nội vụ,one-stop,,,,Niêm yết tại Bộ phận Một cửa,
10/06/2024,Sở Nội vụ,posters,,leaflet,,5.000 tờ gấp,
05/02/2024,UBND thị xã Buôn Hồ,pano,3,pano,,Pa nô đường Hùng Vương,
18/04/2024,UBND thị xã Buôn Hồ,pano,-1,pano,,Gỡ pa nô hư hỏng,
26/03/2024,UBND thị xã Buôn Hồ,news,,website,,CCHC quý I,
21/03/2024,UBND xã Ea Drông,posters,,leaflet,,Tờ gấp dịch vụ công,
02/05/2024,UBND xã Ea Drông,one-stop,,,,Niêm yết TTHC,
END
}

run import plan_2024.yaml
run log radio-column 15 --agency "Đài Buôn Hồ" --date 14/03/2024 --title "Dịch vụ công trực tuyến"
run log pano 1 --agency "UBND xã Ea Drông" --date 29/02/2024 --note "Trung tâm xã"

{
  echo "ngày,cơ quan,hoạt động,số lượng,hình thức,phát lại,tiêu đề,minh chứng"
  columns
  others
} > rows.csv
run log --file rows.csv
run status --agency "Đài Buôn Hồ" --as-of 2024-06-30
run status --activity radio-column --review H1 --as-of 2024-06-30

if [ "$CCHC_LANG" = vi ]; then
  printf '\nCơ sở dữ liệu dùng thử còn ở %s. Gõ tiếp trong cùng thư mục:\n\n' "$database"
else
  printf '\nThe database of this demo is kept in %s. Next, in the same folder, type:\n\n' "$database"
fi
case $typed in
  *[!A-Za-z0-9_./-]*) typed="\"$typed\"" ;;
esac
cat <<END
  export CCHC_DB=$database CCHC_LANG=$CCHC_LANG
  $typed explain radio-column --agency "Đài Buôn Hồ" --period "tháng 3/2024" --as-of 30/06/2024
  $typed due --as-of 22/04/2024 --within 14d --activity radio-column
  $typed history --agency "Sở Nội vụ" --period "quý II/2024"
  $typed log radio-column 15 --agency "Đài Lắk" --date 20/02/2024
  $typed report --review H1 --as-of 30/06/2024 --to build/demo/h1.html
  $typed --help
END
