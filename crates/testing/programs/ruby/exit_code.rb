at_exit { puts 'last words' }
warn 'checked'
exit 7
