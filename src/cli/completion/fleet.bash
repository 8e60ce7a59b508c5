# bash completion for fleet: source <(fleet completion bash)
_fleet() {
  local line="${COMP_LINE:0:COMP_POINT}" words=() breaks='' prefix='' paths='' value rest
  IFS=$' \t' read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  local current="${words[${#words[@]}-1]}"
  # Bash replaces what follows the last of these only.
  [[ $COMP_WORDBREAKS == *:* ]] && breaks+=':'
  [[ $COMP_WORDBREAKS == *=* ]] && breaks+='='
  [[ -n $breaks ]] && prefix="${current%"${current##*[$breaks]}"}"
  COMPREPLY=()
  while IFS=$'\t' read -r value rest; do
    case $value in
      :*) paths=${value#:} ;;
      *) COMPREPLY+=("${value#"$prefix"}") ;;
    esac
  done < <(fleet complete -- "${words[@]:1}" 2> /dev/null)
  case $paths in
    files) compopt -o default 2> /dev/null || _fleet_paths -f ;;
    folders) compopt -o dirnames 2> /dev/null || _fleet_paths -d ;;
  esac
}
_fleet_paths() {
  while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen "$1" -- "${current#"$prefix"}")
}
complete -F _fleet fleet
