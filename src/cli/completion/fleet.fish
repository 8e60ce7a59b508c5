# fish completion for fleet: fleet completion fish | source
function __fleet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l prefix (string match -r '^--[^=]*=' -- "$current")
    set -l path (string replace -r '^--[^=]*=' '' -- "$current")
    for line in (fleet complete -- $words[2..-1] "$current" 2> /dev/null)
        switch $line
            case :files
                for found in (__fish_complete_path "$path")
                    echo "$prefix$found"
                end
            case :folders
                for found in (__fish_complete_directories "$path" '')
                    echo "$prefix$found"
                end
            case ':*'
            case '*'
                echo $line
        end
    end
end
complete -c fleet -e
complete -c fleet -f -a '(__fleet_complete)'
