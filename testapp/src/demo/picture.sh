# shellcheck shell=bash
# docs/compare.svg: three charts of bars, one above the other, a bar a client.

left=210       # where bars begin; the names stand before them
bar_space=380  # the longest bar
line_space=26  # from one bar to the next
chart_space=66 # title, axis and the gap between two charts

picture() {
  local row top=64 most=1
  local height=$((top + 3 * (chart_space + line_space * ${#row_name[@]}) - 22))
  for row in "${!row_name[@]}"; do
    if ((bytes_a_minute[row] > most)); then most=${bytes_a_minute[row]}; fi
  done
  svg_head $height
  chart_of_times cut "Cable pulled: seconds until the client noticed"
  chart_of_times stop "Server process stopped, its kernel answers: seconds until the client noticed"
  chart_of_bytes "Bytes on the wire in an idle minute"
  printf '</svg>\n'
}

# A panel of its own colour, so that the picture can be read wherever it is shown; a dark one where the reader wants that.
svg_head() {
  cat <<END
<svg xmlns="http://www.w3.org/2000/svg" width="760" height="$1" viewBox="0 0 760 $1" role="img" font-family="sans-serif" font-size="13">
<title>Who noticed a lost peer after how long, and what the silence cost</title>
<style>
.panel { fill: #ffffff; stroke: #d1d9e0 } .text { fill: #1f2328 } .soft { fill: #59636e } .axis { stroke: #d1d9e0 }
.kernel { fill: #0969da } .application { fill: #bc4c00 } .waiting { fill: none; stroke: #818b98; stroke-dasharray: 5 4 } .bytes { fill: #6e7781 }
@media (prefers-color-scheme: dark) {
.panel { fill: #0d1117; stroke: #3d444d } .text { fill: #f0f6fc } .soft { fill: #9198a1 } .axis { stroke: #3d444d }
.kernel { fill: #4493f8 } .application { fill: #db6d28 } .waiting { stroke: #9198a1 } .bytes { fill: #9198a1 }
}
</style>
<rect class="panel" x="0.5" y="0.5" width="759" height="$(($1 - 1))" rx="8"/>
<rect class="kernel" x="20" y="20" width="14" height="14"/><text class="text" x="40" y="32">the kernel said so (keepalive)</text>
<rect class="application" x="260" y="20" width="14" height="14"/><text class="text" x="280" y="32">the application's own heartbeat did</text>
<rect class="waiting" x="530.5" y="20.5" width="13" height="13"/><text class="text" x="550" y="32">not noticed: still waiting</text>
END
}

chart_of_times() {
  local -n after=$1_after by=$1_by
  local row
  chart_head "$2"
  for row in "${!row_name[@]}"; do
    if [[ -n ${by[row]-} ]]; then
      bar "$row" "${by[row]%%:*}" $((after[row] * bar_space / patience / 1000)) "$(seconds "${after[row]}") s, ${by[row]%%:*}"
    else
      bar "$row" waiting $bar_space "after $patience s"
    fi
  done
}

chart_of_bytes() {
  local row
  chart_head "$1"
  for row in "${!row_name[@]}"; do
    bar "$row" bytes $((bytes_a_minute[row] * bar_space / most)) "${bytes_a_minute[row]}"
  done
}

chart_head() {
  printf '<text class="text" x="20" y="%d" font-weight="bold">%s</text>\n' $((top + 16)) "$1"
  printf '<line class="axis" x1="%s.5" y1="%d" x2="%s.5" y2="%d"/>\n' \
    $left $((top + 28)) $left $((top + 28 + line_space * ${#row_name[@]}))
  top=$((top + 28))
}

# bar ROW CLASS LENGTH TEXT: the next one below.
bar() {
  printf '<text class="soft" x="%d" y="%d" text-anchor="end">%s</text>' $((left - 10)) $((top + 18)) "${row_name[$1]}"
  printf '<rect class="%s" x="%d" y="%d" width="%d" height="16"/>' "$2" $((left + 1)) $((top + 5)) "$3"
  printf '<text class="text" x="%d" y="%d">%s</text>\n' $((left + $3 + 8)) $((top + 18)) "$4"
  top=$((top + line_space))
  if (($1 == ${#row_name[@]} - 1)); then top=$((top + chart_space - 28)); fi
}
