#compdef fleet
# zsh completion for fleet: source <(fleet completion zsh), or as a file _fleet in a folder of fpath
_fleet() {
  local line paths tab=$'\t'
  local -a names
  for line in "${(@f)$(fleet complete -- "${(@)words[2,CURRENT]}" 2> /dev/null)}"; do
    case $line in
      '') ;;
      :*) paths=${line#:} ;;
      *) names+=("${${line%%$tab*}//:/\\:}:${line#*$tab}") ;;
    esac
  done
  (( $#names )) && _describe fleet names
  case $paths in
    files) compset -P '--*='; _files ;;
    folders) compset -P '--*='; _files -/ ;;
  esac
}
if [[ ${funcstack[1]} == _fleet ]]; then
  _fleet "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }
  compdef _fleet fleet
fi
