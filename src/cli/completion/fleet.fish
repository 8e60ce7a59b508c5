# fish completion for fleet: fleet completion fish | source
function __fleet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (fleet complete -- $words[2..-1] "$current" 2> /dev/null)
        switch $line
            case :files
                __fish_complete_path (string replace -r '^--[^=]*=' '' -- "$current")
            case :folders
                __fish_complete_directories (string replace -r '^--[^=]*=' '' -- "$current")
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c fleet -e
complete -c fleet -f -a '(__fleet_complete)'
