p ENV.fetch('GREETING'), ENV['ABSENT'], ENV.fetch('HOME'), Dir.pwd, $VERBOSE
